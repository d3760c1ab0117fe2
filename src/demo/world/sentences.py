"""What teachers write down, by domain of competency; {who} is the child, or the children."""

SEEN = {
    "Langage": (
        "{who} : l’histoire du soir a été racontée au groupe, avec le début, le milieu et la fin.",
        "{who} : a demandé la parole, et attendu de l’avoir.",
        "{who} : a reconnu son prénom parmi ceux de la classe.",
    ),
    "Nombres": (
        "{who} : les châtaignes de la cour ont été comptées, triées, puis rangées par dix.",
        "{who} : a expliqué son calcul au tableau, et trouvé seul où il s’était trompé.",
        "{who} : dix gobelets, une balance, et beaucoup de patience.",
    ),
    "Vivre ensemble": (
        "{who} : a proposé son aide pour ranger la bibliothèque.",
        "{who} : le jeu a été expliqué aux plus petits, deux fois s’il le fallait.",
    ),
    "Corps et arts": (
        "{who} : parcours d’équilibre terminé sans poser le pied.",
        "{who} : peinture d’automne avec des feuilles ramassées le matin.",
    ),
    "Lire": (
        "{who} : une page d’album lue à voix haute, puis racontée à la classe.",
        "{who} : a choisi un livre, et l’a défendu devant les autres.",
    ),
    "Écrire": (
        "{who} : une phrase entière, sans modèle, avec son point.",
        "{who} : a relu son texte et corrigé trois accords.",
    ),
    "Explorer le monde": (
        "{who} : la graine de haricot a germé ; le dessin d’observation est précis.",
        "{who} : a lu le plan de l’école et retrouvé la balise cachée.",
    ),
}
ANY = ("{who} : beaucoup de progrès cette semaine.", "{who} : une belle journée, à retenir.")
