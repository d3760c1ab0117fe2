"""Names to invent people from: common first names, and family names as they come, accents, hyphens and
particles.
"""

YEAR = 2026  # the school year the files are of


def cut(words: str) -> list[str]:
    """Return the words of a line, cut at its semicolons, or else its spaces."""
    return words.split(";" if ";" in words else None)


GIRLS = cut(
    "Zoé Éloïse Anaïs Maëlys Inès Léa Jade Louise Alice Chloé Lina Rose Anna Mila Ambre Julia Agathe "
    "Juliette "
    "Romane Nina Jeanne Léonie Iris Margaux Élise Sofia Nour Aya Fatoumata Lou Capucine Clémence Héloïse "
    "Apolline "
    "Victoire Garance Salomé Thaïs Noémie Aïcha Maya Yasmine Camille Charlie Océane Lucie Manon Albane "
    "Maïwenn Gwenaëlle"
)
BOYS = cut(
    "Noé Léo Gabriel Raphaël Arthur Louis Jules Adam Maël Hugo Lucas Gaël Éthan Liam Sacha Tiago Gabin Paul "
    "Nathan "
    "Aaron Mohamed Naël Malo Éden Marius Victor Augustin Simon Théo Léon Côme Ibrahim Basile Timothée Loïc "
    "Éloi "
    "Maxence Rayan Yanis Ewen Titouan Anatole Gaspard Oscar Samuel Antoine Clément Kylian Swann Charly"
)
MOTHERS = cut(
    "Claire Sophie Élodie Aurélie Céline Nathalie Karine Mélanie Laëtitia Hélène Sarah Fatima Nadia Emma "
    "Laure "
    "Delphine Marion Audrey Virginie Stéphanie Amélie Inès Anne-Laure Marie-Noëlle Aminata Joëlle Béatrice "
    "Solène"
)
FATHERS = cut(
    "Nicolas Julien Thomas Sébastien David Olivier Frédéric Benoît Jérôme François Karim Mehdi Stéphane Rémi "
    "Loïc "
    "Guillaume Mathieu Cédric Yann Jean-Baptiste Pierre-Yves Amadou Gaël André Éric Damien Vincent Fabrice"
)
FAMILIES = cut(
    "Abgrall;Alvarès;Arnaudin;d'Auberive;Bâle;Baraton;Béchard;Ben Saïd;Bérubé;Besnardin;Blanchefort;Boisjoli;"
    "Bonnefoy-Lanoë;Bouvardel;Brévinay;Çelikkaya;Carpentras;Chabaneix;Champagnol;Chauvigné;Cissokho;Clairambault;"
    "Coëtquen;Cormeray;Coudrin;Crozatier;Dabadie;Dautrême;Delacroisette;Desmoulinières;Diarrassouba;Dorléans;"
    "Drouëlle;Dubreuilh;Dumonceau;Échinard;Esquirol;Fauconnet;Faÿ;Ferrandaise;Flandrois;Fontbonne;Fouqueray;Frémont;"
    "Gâtineau;Gaudremer;Génestier;Giboulot;Glémarec;Grandpré;Guénolé;Guilloteau;Haddadène;Haÿs;Hébrard;Houssemaine;"
    "Idrissou;Jacquemart;Jaubertie;Jouanneau;Kervadec;Koulibalet;de La Bourdonnaie;de La "
    "Tour-Neuve;Labrousse;"
    "Lagarrigue;Lamoureux-Séguy;Larcheveau;Lebihan;L'Hermitte;Legoësbe;Le Guennic;Le "
    "Mée;Levasseurot;Lhôpital;"
    "Loiseleux;Maisonnave;Malafosse;Marchandeau;Maréchaux;Méheust;Mérignac;Montalieu;Morvannec;Nédélec;Nguyên-Roux;"
    "N'Diayane;Noirmont;Ollivreau;Orhant;Oubrahim;Pâquereau;Pélissane;Perrégaux;Pinçon;Plantevigne;Poirrier;Quéméneur;"
    "Quintinie;Rabastens;Râteau;Renouardet;Rigaudière;Rochambeau-Diaz;Roquebrune;Saint-Évre;Salvignac;Santerrois;"
    "Sauvageau;Sénéchaud;Sissokhane;Taillandier;Tanguérec;Thévenoz;Tourenne;Traorélis;Trévidic;Ünaldi;Vaillancourt;"
    "Valençay;Vergnolles;Vieillefosse;Villedieux;Yıldızer;Zeghloul"
)
STREETS = cut(
    "rue des Lavandières;allée du Verger;impasse du Four;chemin des Sources;rue de l'Écluse;place du "
    "Marché-Couvert;"
    "rue Haute;avenue des Marronniers;sentier du Moulin;rue du Puits-Salé"
)
